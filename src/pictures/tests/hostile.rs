use proptest::prelude::*;

use super::*;
use crate::domain::finding::{History, Level, Role, Stance};
use crate::pictures::text::{BODY, NAME, clean, width};

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "]]></desc></svg><svg onload='x'>",
    "O'Brien & \"Sons\" {{ 7 * 7 }} {% raw %}",
    "\u{202e}dnuora denrut\u{202c} \u{2066}x",
    "a\u{0}b\u{8}c\u{ffff}d\u{fffe}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "&lt;already&gt; &amp; escaped &#0;",
    "王小明 محمد 👩🏽‍💻 Ⅷ",
];

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
        "\\PC{1,40}",
        "[A-Za-z]{1,12} [A-Za-z'-]{1,14}",
        proptest::collection::vec(any::<char>(), 1..30).prop_map(String::from_iter),
        "W{200}",
    ]
}

fn people() -> impl Strategy<Value = Vec<Item>> {
    let stances = proptest::sample::select(Stance::ALL);
    let levels = proptest::sample::select(Level::ALL);
    let roles = proptest::collection::vec(proptest::sample::select(Role::ALL), 0..5);
    let person = (names(), names(), proptest::option::of(stances), proptest::option::of(levels), roles, any::<bool>());
    let person = person.prop_map(|(name, title, stance, influence, roles, leaving)| {
        let title = Some(title);
        let (roles, leaving) = (Some(roles), Some(leaving));
        super::person(&name, Stakeholder { title, roles, stance, influence, leaving, ..Stakeholder::default() })
    });
    proptest::collection::vec(person, 1..26)
}

/// A box that something is drawn in: left, top, right, bottom.
type Area = [f64; 4];

/// The lines of people's labels and their marks, and the cells of the grid.
fn areas(picture: &Picture) -> (Vec<Area>, Vec<Area>) {
    let part = |tag: &str, name: &str| -> Option<f64> {
        tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0.parse().ok()
    };
    let (mut labels, mut cells) = (Vec::new(), Vec::new());
    let before_legend = picture.svg.split("<g class=\"pic-legend").next().unwrap();
    for tag in before_legend.split('<') {
        let class = tag.split_once("class=\"").map_or("", |(_, rest)| rest.split_once('"').unwrap().0);
        if class.starts_with("pic-cell") {
            let [x, y, w, h] = ["x", "y", "width", "height"].map(|name| part(tag, name).unwrap());
            cells.push([x, y, x + w, y + h]);
        }
        let pill = tag.split_once("pic-pill").and_then(|(_, rest)| rest.split_once("translate(")?.1.split_once(')'));
        if let Some((place, _)) = pill {
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
            labels.push([x, y, x + 30.0, y + 18.0]);
        }
        let font = if class == "pic-name" { NAME } else { BODY };
        let stands_in_a_cell = class == "pic-name" || class == "pic-quiet" && part(tag, "y") > Some(58.0);
        if tag.starts_with("text") && stands_in_a_cell && !tag.contains("rotate") {
            let text = quick_xml::escape::unescape(tag.split_once('>').unwrap().1).unwrap();
            let (x, y) = (part(tag, "x").unwrap(), part(tag, "y").unwrap());
            labels.push([x, y - 11.0, x + width(&text, font), y + 3.0]);
        }
    }
    (labels, cells)
}

fn meet(a: &Area, b: &Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

proptest! {
    #[test]
    fn whatever_people_are_called_the_map_is_xml_with_each_of_them_once_and_no_label_over_another(items in people()) {
        let picture = stakeholders(&items, &[]).unwrap();
        words_of(&picture);
        let mut expected: Vec<String> = items
            .iter()
            .map(|item| match &item.finding {
                Finding::Stakeholder(person) => [&person.name, &person.title].into_iter().flatten().map(|n| clean(n)),
                _ => unreachable!(),
            })
            .map(|mut said| said.find(|name| !name.is_empty()).unwrap_or_else(|| "Name not told".to_owned()))
            .collect();
        let mut shown: Vec<String> = picture.rows.iter().map(|row| row[0].clone()).collect();
        expected.sort();
        shown.sort();
        prop_assert_eq!(shown, expected);
        let (labels, cells) = areas(&picture);
        prop_assert!(labels.len() >= items.len() && !cells.is_empty());
        for (at, label) in labels.iter().enumerate() {
            let inside = |cell: &&Area| {
                cell[0] <= label[0] && cell[1] <= label[1] && label[2] <= cell[2] && label[3] <= cell[3]
            };
            prop_assert!(cells.iter().any(|cell| inside(&cell)), "{:?} stands in no cell", label);
            prop_assert!(!labels[at + 1..].iter().any(|other| meet(label, other)), "{:?} meets another label", label);
        }
    }

    #[test]
    fn whatever_is_said_and_wherever_promises_and_coverage_are_xml(
        words in proptest::collection::vec((names(), names()), 1..12),
    ) {
        let items: Vec<Item> = words
            .iter()
            .map(|(statement, source)| {
                let made = Commitment { history: Some(History::Made), ..Commitment::default() };
                Item { attested_by: Some(source.clone()), ..promise(statement, &[source], made) }
            })
            .collect();
        let calls: Vec<Call> = words.iter().map(|(label, source)| Call { label: label.clone(), ..call(source) }).collect();
        let picture = promises(&items, &calls).unwrap();
        words_of(&picture);
        prop_assert_eq!(picture.rows.len(), items.len());

        let sources: Vec<CoveredSource> = words
            .iter()
            .map(|(label, source)| CoveredSource {
                source: source.clone(),
                label: label.clone(),
                kind: Some(SourceKind::Mail),
                on: None,
                reading: Reading::Failed(label.clone()),
            })
            .collect();
        let people: Vec<CoveredPerson> = words
            .iter()
            .map(|(name, source)| CoveredPerson {
                name: name.clone(),
                side: Side::Unknown,
                stakeholder: true,
                by_source: vec![(source.clone(), name.len())],
            })
            .collect();
        let picture = coverage(&sources, &people).unwrap();
        words_of(&picture);
        prop_assert_eq!(picture.rows.len(), people.len());
    }
}
