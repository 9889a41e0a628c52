//! The zip of a Slack export.

use serde_json::Value;

use super::super::super::archive::Archive;
use super::super::super::decode::decode;
use super::super::super::error::ParseError;
use super::super::super::reading::Reading;
use super::super::super::weight;
use super::Talk;
use crate::domain::transcript::Format;

/// Lists of people; the second one in exports of a whole organization.
const PEOPLE: &[&str] = &["users.json", "org_users.json"];
/// Lists of channels of every kind, the talks of two and of a few people among them.
const CHANNELS: &[&str] = &["channels.json", "groups.json", "mpims.json", "dms.json"];
/// What else an export holds, and nobody wrote.
const RECORDS: &[&str] = &["integration_logs.json", "canvases.json", "huddle_transcripts.json"];

/// Reads a whole export; none if the zip is something else.
pub(in crate::transcript) fn read_export(archive: &mut Archive<'_>) -> Option<Result<Reading, ParseError>> {
    let names: Vec<String> = archive.names().filter(|name| !is_of_macos(name)).map(str::to_owned).collect();
    let root = root(&names)?;
    let mut days: Vec<(&str, &str)> = names.iter().filter_map(|name| day(name, &root)).collect();
    days.sort_unstable();
    if days.is_empty() && !names.iter().any(|name| name.strip_prefix(&root).is_some_and(is_people)) {
        return None;
    }
    Some(read(archive, &names, &root, &days))
}

fn is_of_macos(name: &str) -> bool {
    name.starts_with("__MACOSX/")
        || name.rsplit('/').next().is_some_and(|file| file.starts_with("._") || file == ".DS_Store")
}

/// The folder of `channels.json` or `users.json`, or of the days where both are missing; zips are often made of a folder.
fn root(names: &[String]) -> Option<String> {
    let list = |name: &str| {
        let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
        (is_people(file) || CHANNELS.contains(&file)).then(|| folder.to_owned())
    };
    let listed = names.iter().filter_map(|name| list(name)).min_by_key(String::len);
    let of_day = |name: &String| {
        let (folder, _) = name.rsplit_once('/').filter(|(_, file)| is_day(file))?;
        Some(folder.rsplit_once('/').map_or("", |(root, _)| root).to_owned())
    };
    let folder = listed.or_else(|| names.iter().find_map(of_day))?;
    Some(if folder.is_empty() { folder } else { folder + "/" })
}

/// The channel's folder and the whole name of the file of a day.
fn day<'n>(name: &'n str, root: &str) -> Option<(&'n str, &'n str)> {
    let (channel, file) = name.strip_prefix(root)?.rsplit_once('/')?;
    is_day(file).then_some((channel, name))
}

fn is_people(file: &str) -> bool {
    PEOPLE.contains(&file)
}

/// `2026-03-11.json`
fn is_day(file: &str) -> bool {
    file.strip_suffix(".json").is_some_and(|day| day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok())
}

fn read(archive: &mut Archive<'_>, names: &[String], root: &str, days: &[(&str, &str)]) -> Result<Reading, ParseError> {
    let mut talk = Talk::default();
    for list in PEOPLE {
        if let Some(users) = json(archive, &format!("{root}{list}"), &mut talk)? {
            talk.names.add_users(&users);
        }
    }
    for list in CHANNELS {
        if let Some(channels) = json(archive, &format!("{root}{list}"), &mut talk)? {
            talk.names.add_channels(&channels);
        }
    }
    let mut read_days = Vec::with_capacity(days.len());
    for (channel, file) in days {
        let Some(Value::Array(messages)) = json(archive, file, &mut talk)? else { continue };
        for message in &messages {
            talk.names.add_writer(message);
        }
        read_days.push((*channel, file.strip_prefix(root).unwrap_or(file), messages));
    }
    for (channel, file, messages) in read_days {
        let name = talk.names.channel(channel).unwrap_or(channel).to_owned();
        talk.add_day(&name, file, &messages);
    }
    for name in names.iter().filter_map(|name| name.strip_prefix(root)).filter(|name| is_left_over(name)) {
        talk.dropped.push((1, format!("`{name}`: not read; upload it as its own source")));
    }
    if talk.messages.is_empty() {
        return Err(ParseError::Unreadable {
            what: "an export of Slack",
            reason: "it holds no message that somebody wrote".to_owned(),
            advice: "choose the channels and the dates of the deal, and export again",
        });
    }
    Ok(talk.finish(Format::SlackExport))
}

/// Neither a day nor one of the lists.
fn is_left_over(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let listed = is_people(file) || CHANNELS.contains(&file) || RECORDS.contains(&file);
    !listed && !is_day(file)
}

/// A part as JSON; a broken one is reported, and the others are read.
fn json(archive: &mut Archive<'_>, name: &str, talk: &mut Talk) -> Result<Option<Value>, ParseError> {
    let Some(bytes) = archive.read(name)? else { return Ok(None) };
    let text = match decode(&bytes) {
        Ok(source) => source.text,
        Err(_) => return Ok(None),
    };
    weight::check_json(&text, archive.limits())?;
    match serde_json::from_str(text.trim()) {
        Ok(value) => Ok(Some(value)),
        Err(error) => {
            talk.dropped
                .push((1, format!("`{name}`: broken JSON at line {}, column {}", error.line(), error.column())));
            Ok(None)
        }
    }
}
