use crate::domain::finding::Category;
use crate::ledger::totals::{CategoryCount, ContractCounts, MonthCount, Trends};
use crate::pictures::{trend_by_category, trend_by_month};

fn trends(months: usize) -> Trends {
    let counts = |at: i64| ContractCounts { written: at, unwritten: 2 * at, ..ContractCounts::default() };
    let month = |at: usize| MonthCount {
        month: format!("{}-{:02}", 2024 + at / 12, at % 12 + 1),
        counts: counts(i64::try_from(at).unwrap() + 1),
    };
    let category = |category| CategoryCount { category, counts: counts(3) };
    Trends {
        months: (0..months).map(month).collect(),
        categories: vec![category(Some(Category::Timeline)), category(None)],
    }
}

#[test]
fn each_status_has_a_row_of_bars_on_one_scale() {
    let picture = trend_by_month(&trends(3)).unwrap();
    assert_eq!(picture.header, ["Month", "Written", "Contradicted", "Unwritten", "No contract", "All"]);
    assert_eq!(picture.rows[1], ["Feb 2024", "2", "0", "4", "0", "6"]);
    assert_eq!(
        picture.summary,
        "18 promises: 6 written, 0 contradicted, 12 unwritten, 0 no contract. Most unwritten: Mar 2024 (6)."
    );
    assert_eq!(picture.svg.matches("class=\"pic-amount\"").count(), 6, "where nothing is, no bar");
    assert!(!picture.svg.contains("Not compared"), "a row that would be empty is left out");
    let height = |count: u32| format!("height=\"{:.1}\"", 46.0 / 6.0 * f64::from(count));
    for count in [1, 2, 3, 4] {
        let height = height(count);
        assert!(picture.svg.contains(&height), "{height}: {}", picture.svg);
    }
}

#[test]
fn of_many_months_the_latest_are_drawn_and_all_are_in_the_table() {
    let picture = trend_by_month(&trends(40)).unwrap();
    assert_eq!(picture.rows.len(), 40);
    assert!(picture.svg.contains("16 earlier columns are in the table only."));
    assert!(picture.svg.contains("Apr 2027") && !picture.svg.contains("Jan 2024"));
}

#[test]
fn what_is_not_told_is_a_column_of_its_own_and_nothing_is_no_picture() {
    let picture = trend_by_category(&trends(0)).unwrap();
    assert_eq!(picture.rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["Timeline", "Not told"]);
    assert!(trend_by_month(&trends(0)).is_none() && trend_by_category(&Trends::default()).is_none());
}
