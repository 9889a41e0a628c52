//! Numbers in the forms that Word counts with; those of other scripts are given in figures.

/// The number as Word shows it: `lowerLetter` 2 is `b`.
pub(super) fn written(number: u32, form: &str) -> String {
    match form {
        "none" => String::new(),
        "decimalZero" => format!("{number:02}"),
        "lowerLetter" => letters(number, 'a'),
        "upperLetter" => letters(number, 'A'),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        _ => number.to_string(),
    }
}

/// `a` to `z`, then `aa`, `bb` and so on.
fn letters(number: u32, first: char) -> String {
    let Some(index) = number.checked_sub(1) else { return "0".to_owned() };
    let letter = char::from_u32(u32::from(first) + index % 26).unwrap_or(first);
    let times = usize::try_from(index / 26).unwrap_or(0).min(8) + 1;
    std::iter::repeat_n(letter, times).collect()
}

/// Roman figures; numbers that have none stay in ours.
fn roman(number: u32) -> String {
    const FIGURES: &[(u32, &str)] = &[
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, figure) in FIGURES {
        while rest >= *value {
            text.push_str(figure);
            rest -= value;
        }
    }
    text
}
