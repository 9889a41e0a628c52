//! The templates of the documents: those in the binary, and files of a team in their place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use super::crm::Mapping;
use super::{agenda, brief, client_dna, introduction, kickoff, read_back, success_plan};
use crate::domain::deal::CrmSystem;
use crate::render::markdown;
use crate::render::view::HandoffView;

/// A template or a mapping that cannot be used: whoever changed the file is told where it is wrong.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// A file that takes the place of no template: most likely its name is misspelt.
    #[error("`{}` is the name of no template; there are {}", path.display(), known().collect::<Vec<_>>().join(", "))]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// A template that cannot be parsed, or names something that does not exist.
    #[error("`{file}` line {line}: {message}")]
    Template {
        /// The file, or the name of the embedded template.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A mapping that cannot be read, or names something that does not exist.
    #[error("`{file}`: {message}")]
    Mapping {
        /// The file, or the name of the embedded mapping.
        file: String,
        /// What is wrong, with line and column where it is the JSON that is wrong.
        message: String,
    },
}

/// The Markdown templates.
const MARKDOWN: [(&str, &str); 8] = [
    ("brief.md", include_str!("../../templates/documents/brief.md")),
    ("full.md", include_str!("../../templates/documents/full.md")),
    ("agenda.md", include_str!("../../templates/documents/agenda.md")),
    ("introduction.md", include_str!("../../templates/documents/introduction.md")),
    ("read_back.md", include_str!("../../templates/documents/read_back.md")),
    ("kickoff.md", include_str!("../../templates/documents/kickoff.md")),
    ("success_plan.md", include_str!("../../templates/documents/success_plan.md")),
    ("client_dna.md", include_str!("../../templates/documents/client_dna.md")),
];

/// The mappings of the CRM payload.
const MAPPINGS: [(CrmSystem, &str, &str); 3] = [
    (CrmSystem::Plain, "crm.json", include_str!("../../templates/documents/crm.json")),
    (CrmSystem::Hubspot, "crm.hubspot.json", include_str!("../../templates/documents/crm.hubspot.json")),
    (CrmSystem::Salesforce, "crm.salesforce.json", include_str!("../../templates/documents/crm.salesforce.json")),
];

fn known() -> impl Iterator<Item = &'static str> {
    MARKDOWN.into_iter().map(|(name, _)| name).chain(MAPPINGS.into_iter().map(|(_, name, _)| name))
}

/// Every template and mapping, parsed and checked.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    mappings: Vec<(CrmSystem, Mapping)>,
    folder: Option<PathBuf>,
}

impl Templates {
    /// Those in the binary.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] for a defect of Baton.
    pub fn embedded() -> Result<Self, TemplateError> {
        Self::load(None)
    }

    /// Those in the binary, with the files of a folder in place of those of the same name.
    ///
    /// # Errors
    ///
    /// [`TemplateError`] that names file and line, where a file cannot be used.
    pub fn with_folder(folder: &Path) -> Result<Self, TemplateError> {
        let unreadable = |error| TemplateError::Unreadable { path: folder.to_owned(), error };
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_template = name.ends_with(".md") || name.ends_with(".json");
            if is_template && name != "README.md" && !known().any(|known| known == name) {
                return Err(TemplateError::Unknown { path });
            }
        }
        Self::load(Some(folder))
    }

    fn load(folder: Option<&Path>) -> Result<Self, TemplateError> {
        let mut templates =
            Self { environment: markdown::environment(), mappings: Vec::new(), folder: folder.map(Path::to_owned) };
        for (name, embedded) in MARKDOWN {
            let source = templates.source(name, embedded)?;
            let added = templates.environment.add_template_owned(name, source.clone());
            added.map_err(|error| templates.template_error(name, &error))?;
            templates.check_variables(name, &source)?;
        }
        for (system, name, embedded) in MAPPINGS {
            let source = templates.source(name, embedded)?;
            let mapping = Mapping::read(&source)
                .map_err(|error| TemplateError::Mapping { file: templates.file(name), message: error.to_string() })?;
            templates.mappings.push((system, mapping));
        }
        Ok(templates)
    }

    /// The team's file where there is one, else what is embedded.
    fn source(&self, name: &str, embedded: &str) -> Result<String, TemplateError> {
        let Some(path) = self.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.exists()) else {
            return Ok(embedded.to_owned());
        };
        fs::read_to_string(&path).map_err(|error| TemplateError::Unreadable { path, error })
    }

    /// Refuses a template that names a variable which its document does not have, in whatever branch it stands.
    fn check_variables(&self, name: &str, source: &str) -> Result<(), TemplateError> {
        let Ok(template) = self.environment.get_template(name) else { return Ok(()) };
        let known = variables(name);
        let globals: BTreeSet<&str> = self.environment.globals().map(|(name, _)| name).collect();
        let mut unknown: Vec<String> = template.undeclared_variables(false).into_iter().collect();
        unknown.retain(|variable| !known.contains(variable) && !globals.contains(variable.as_str()));
        unknown.sort();
        let Some(variable) = unknown.first() else { return Ok(()) };
        let names_it = |line: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == variable);
        let line = source.lines().position(names_it).unwrap_or_default() + 1;
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!("there is no variable `{variable}`; there are {known}");
        Err(TemplateError::Template { file: self.file(name), line, message })
    }

    /// Fills a template.
    pub(super) fn fill<T: Serialize>(&self, name: &'static str, view: &T) -> Result<String, TemplateError> {
        let template = self.environment.get_template(name).map_err(|error| self.template_error(name, &error))?;
        let filled = template.render(Value::from(Serde(view))).map_err(|error| self.template_error(name, &error))?;
        Ok(tidy(&filled))
    }

    /// The mapping for a CRM.
    pub(super) fn mapping(&self, system: CrmSystem) -> Option<&Mapping> {
        self.mappings.iter().find(|(of, _)| *of == system).map(|(_, mapping)| mapping)
    }

    fn template_error(&self, name: &str, error: &minijinja::Error) -> TemplateError {
        let message =
            error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
        TemplateError::Template { file: self.file(name), line: error.line().unwrap_or(1), message }
    }

    /// What people call the template: the path of their file, or its name.
    fn file(&self, name: &str) -> String {
        let own = self.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.exists());
        own.map_or_else(|| name.to_owned(), |path| path.display().to_string())
    }
}

/// Blank lines in a row are one, and none stands between the entries of a list: templates can be written to be read.
fn tidy(filled: &str) -> String {
    let is_entry = |line: &str| line.trim_start().starts_with("- ");
    let mut text = String::with_capacity(filled.len());
    let (mut last, mut blank) = ("", false);
    for line in filled.lines().map(str::trim_end) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if blank && !text.is_empty() && !(is_entry(last) && is_entry(line)) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        (last, blank) = (line, false);
    }
    text
}

/// The variables a template may name.
fn variables(template: &str) -> BTreeSet<String> {
    let view = match template {
        "brief.md" => serde_json::to_value(brief::BriefView::default()),
        "full.md" => serde_json::to_value(HandoffView::default()),
        "agenda.md" => serde_json::to_value(agenda::AgendaView::default()),
        "introduction.md" => serde_json::to_value(introduction::IntroductionView::default()),
        "read_back.md" => serde_json::to_value(read_back::ReadBackView::default()),
        "client_dna.md" => serde_json::to_value(client_dna::DnaView::default()),
        "kickoff.md" => serde_json::to_value(kickoff::KickoffView::default()),
        _ => serde_json::to_value(success_plan::SuccessPlanView::default()),
    };
    view.ok().and_then(|view| Some(view.as_object()?.keys().cloned().collect())).unwrap_or_default()
}
