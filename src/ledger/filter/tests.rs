use super::*;

fn now() -> Timestamp {
    "2026-03-02T23:00:00Z".parse().unwrap()
}

fn read(query: &str) -> Result<Filter, Error> {
    LedgerQuery::from_address(query)?.filter(now())
}

#[test]
fn an_empty_form_asks_for_everything() {
    let empty = "contract=&strength=&q=+&amount_min=&due_within=&owner=&standing=&closed_to=&sort=";
    assert_eq!(read(empty).unwrap(), Filter::default());
    assert_eq!(LedgerQuery::from_address(empty).unwrap().pairs(), []);
}

#[test]
fn words_days_and_spans_are_read() {
    let filter = read("contract=unwritten,untold&owed_by=unknown&outcome=open,late&due_within=60").unwrap();
    assert_eq!(filter.contract, Words(vec![Some(ContractStatus::Unwritten), None]));
    assert_eq!((filter.owed_by, filter.outcome), (Words(vec![None]), Words(vec![None, Some(Outcome::Late)])));
    assert_eq!(
        (filter.due_from, filter.due_to),
        (Some("2026-03-02".parse().unwrap()), Some("2026-05-01".parse().unwrap()))
    );
    let closed = read("closed_from=2026-01-01&closed_to=2026-01-31").unwrap();
    let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
    assert_eq!((closed.closed_from, closed.closed_before), (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z")));
}

#[test]
fn what_no_filter_says_is_refused_by_name() {
    for (query, part) in [
        ("contract=maybe", "written, contradicted, unwritten, no_contract, untold"),
        ("stength=firm", "stength"),
        ("due_from=soon", "due_from"),
        ("due_to=99999-01-01", "due_to"),
        ("due_within=-1", "due_within"),
        ("amount_min=NaN", "amount_min"),
        ("owner=me", "owner"),
        ("state=rejected", "drafted, approved"),
        ("sort=owner", "due, closed, amount"),
    ] {
        let refused =
            LedgerQuery::from_address(query).and_then(|query| query.filter(now()).and(query.sort().map(|_| ())));
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(part), "{query}: {refused}");
    }
}

#[test]
fn a_filter_is_the_same_after_its_own_address() {
    let query = LedgerQuery::from_address("q=a%26b&contract=unwritten&cursor=x&limit=5&format=csv").unwrap();
    assert_eq!(query.pairs(), [("contract".to_owned(), "unwritten".to_owned()), ("q".to_owned(), "a&b".to_owned())]);
}
