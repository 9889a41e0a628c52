//! Files and folders given on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::note;
use crate::domain::person::Roster;
use crate::draft::{DealSource, resolve_sides};
use crate::post_sale::{Close, Parted, part};
use crate::transcript::parse;

/// A file to read.
pub(super) struct InputFile {
    /// Its name: relative to the folder that was given, or the bare file name.
    pub(super) name: String,
    /// Where it is.
    pub(super) path: PathBuf,
    /// Whether it was named itself; a file that was only found in a folder may turn out to be of no use.
    pub(super) named: bool,
}

/// The files behind `paths`: files as they are, folders with everything in them, in the order of their names. Hidden files
/// and the labels of an evaluation deal (`gold.json`) are no sources.
pub(super) fn collect(paths: &[PathBuf]) -> anyhow::Result<Vec<InputFile>> {
    let mut files = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        if kind.is_dir() {
            walk(path, path, &mut files)?;
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            files.push(InputFile { name, path: path.clone(), named: true });
        }
    }
    anyhow::ensure!(!files.is_empty(), "there is no file in the folder; give files, or a folder that holds some");
    Ok(files)
}

/// Whether a file holds labels, of the first reader or of another: `gold.json`, `gold-2.json`, `gold-newcomer.json`.
fn is_labels(name: &str) -> bool {
    let reader = name.strip_prefix("gold").and_then(|rest| rest.strip_suffix(".json"));
    reader.is_some_and(|reader| {
        reader.is_empty()
            || reader == "-newcomer"
            || reader.strip_prefix('-').is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<InputFile>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder `{}`", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        let base = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if base.starts_with('.') || is_labels(&base) {
            continue;
        }
        // Links are not followed: a folder may link to itself.
        let kind = fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_file() {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.push(InputFile { name, path, named: false });
        }
    }
    Ok(())
}

/// A file that was only found in a folder and cannot be used, and why.
pub(super) struct LeftOut {
    pub(super) name: String,
    pub(super) reason: String,
}

/// Parses files into the sources of one deal. A file that cannot be used is set apart if it was found in a folder, and an error if
/// it was named.
pub(super) fn parse_deal(paths: &[PathBuf]) -> anyhow::Result<(Vec<DealSource>, Vec<LeftOut>)> {
    let (mut sources, mut left_out) = (Vec::new(), Vec::new());
    for file in collect(paths)? {
        let bytes = fs::read(&file.path).with_context(|| format!("cannot read `{}`", file.path.display()))?;
        match parse(&file.name, &bytes) {
            Ok(transcript) => sources.push(DealSource { id: None, name: file.name, transcript }),
            Err(error) if file.named => return Err(anyhow::anyhow!("`{}`: {error}", file.name)),
            Err(error) => left_out.push(LeftOut { name: file.name, reason: error.to_string() }),
        }
    }
    Ok((sources, left_out))
}

/// The same with the sides that all sources together prove; what is left out is named on stderr.
pub(super) fn read_deal(paths: &[PathBuf], vendor_domains: &[String]) -> anyhow::Result<Vec<DealSource>> {
    let mut sources = usable(paths)?;
    resolve_sides(&mut sources, &Roster::of_domains(vendor_domains));
    Ok(sources)
}

/// The same, with what came after the sale apart. Where all of it seems to, it is what somebody wants to have read.
pub(super) fn read_sale(paths: &[PathBuf], vendor_domains: &[String]) -> anyhow::Result<Parted> {
    let mut parted = part(usable(paths)?, &Close::default());
    if parted.sale.is_empty() {
        parted.sale = std::mem::take(&mut parted.after);
    }
    parted.resolve_sides(&Roster::of_domains(vendor_domains));
    Ok(parted)
}

fn usable(paths: &[PathBuf]) -> anyhow::Result<Vec<DealSource>> {
    let (sources, left_out) = parse_deal(paths)?;
    for file in left_out {
        note(&format!("left out `{}`: {}", file.name, file.reason));
    }
    anyhow::ensure!(!sources.is_empty(), "none of the files can be used; the lines above say why");
    Ok(sources)
}
