use std::collections::BTreeMap;

use crate::pictures::text::BODY;

const PAGES: &str = include_str!("../../../assets/css/base.css");
const PICTURES: &str = include_str!("../../../assets/css/pictures.css");

/// Colours of text, with the surfaces they stand on in a picture.
const TEXT: [(&str, &[&str]); 7] = [
    ("ink", &["card", "paper"]),
    ("soft", &["card", "paper"]),
    ("accent", &["card", "accent-soft"]),
    ("customer", &["card", "customer-soft"]),
    ("clear", &["card"]),
    ("partial", &["card", "paper"]),
    ("unclear", &["card", "paper"]),
];
/// Shapes that mean something, against the same.
const SHAPES: [&str; 6] = ["soft", "accent", "customer", "clear", "partial", "unclear"];

/// The variables of the light theme and of the dark one.
fn themes() -> [BTreeMap<&'static str, [f64; 3]>; 2] {
    let (light, dark) = PAGES.split_once("prefers-color-scheme: dark").unwrap();
    let dark = dark.split_once("\n}").unwrap().0;
    [light, dark].map(|theme| {
        let variables = theme.split("--").skip(1).filter_map(|text| {
            let (name, value) = text.split_once(": #")?;
            let part = |at: usize| u8::from_str_radix(value.get(at..at + 2)?, 16).ok();
            Some((name, [part(0)?, part(2)?, part(4)?].map(|part| f64::from(part) / 255.0)))
        });
        variables.collect()
    })
}

/// The contrast ratio of WCAG 2.2.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        let [r, g, b] = colour.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[test]
fn words_and_shapes_can_be_told_from_what_they_stand_on_in_both_themes() {
    for theme in themes() {
        for (colour, surfaces) in TEXT {
            for surface in surfaces {
                let ratio = contrast(theme[colour], theme[*surface]);
                assert!(ratio >= 4.5, "{colour} on {surface}: {ratio:.2}");
            }
        }
        for (shape, surface) in SHAPES.iter().flat_map(|shape| ["card", "paper"].map(|surface| (shape, surface))) {
            assert!(contrast(theme[shape], theme[surface]) >= 3.0, "{shape} on {surface}");
        }
    }
}

#[test]
fn pictures_use_the_colours_of_the_pages_and_no_others() {
    let rules = PICTURES.split("*/").last().unwrap();
    assert!(!rules.contains('#') && !rules.contains("rgb") && !rules.contains("url("));
    let known = &themes()[0];
    for used in PICTURES.split("var(--").skip(1) {
        let name = used.split_once(')').unwrap().0;
        assert!(known.contains_key(name), "--{name} is no colour of the pages");
    }
}

#[test]
fn no_picture_gets_so_narrow_that_its_words_cannot_be_read() {
    // The smallest type must be 11 px where a picture is as small as it gets.
    for width in [720, 840, 960, 1080, 1200] {
        let rule = PICTURES.lines().find(|line| line.starts_with(&format!(".pic-{width} "))).unwrap();
        let least = rule.split_once("min-width: ").unwrap().1.split_once("rem").unwrap().0;
        let least: f64 = least.parse::<f64>().unwrap() * 16.0;
        assert!(PICTURES.contains(&format!("font-size: {}px", BODY.size)));
        assert!(BODY.size * least / f64::from(width) >= 11.0, "{rule}");
    }
}
