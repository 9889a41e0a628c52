//! Every form of a page, held against the API's own description: its route, its keys, and what the route cannot do without.

use std::collections::BTreeSet;

use serde_json::Value;

/// A form that `forms.js` sends to the API.
#[derive(Debug)]
pub(super) struct Form {
    method: String,
    path: String,
    /// The names of its fields, as `forms.js` reads them.
    names: BTreeSet<String>,
    /// Fields whose groups become a list.
    lists: Vec<String>,
}

/// The forms of a page.
pub(super) fn forms(html: &str) -> Vec<Form> {
    let of_form = |part: &str| {
        let form = part.split("</form>").next().unwrap();
        let (head, fields) = form.split_once('>').unwrap();
        let path = attribute(head, "data-api")?;
        let method = attribute(head, "data-method").unwrap_or_else(|| "POST".to_owned());
        let lists = attribute(head, "data-lists").map(|lists| lists.split(' ').map(str::to_owned).collect());
        let inputs = fields.split('<').filter(|tag| {
            ["input", "select", "textarea"].iter().any(|name| tag.starts_with(name)) && !tag.contains("type=\"submit\"")
        });
        let names = inputs.filter_map(|tag| attribute(tag.split('>').next().unwrap(), "name")).collect();
        Some(Form { method, path, names, lists: lists.unwrap_or_default() })
    };
    html.split("<form").skip(1).filter_map(of_form).collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    // The templates escape the slash, too.
    Some(rest.split('"').next()?.replace("&#x2f;", "/"))
}

/// The route that a form is sent to, or what is wrong with the form.
pub(super) fn checked(form: &Form, api: &Value) -> Result<String, Vec<String>> {
    let Some((template, operation)) = operation(form, api) else {
        return Err(vec![format!("{} {}: there is no such route", form.method, form.path)]);
    };
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let mut faults = Vec::new();
    let mut sent = BTreeSet::new();
    for name in &form.names {
        let mut path = name.trim_end_matches("[]").split('.');
        let first = path.next().unwrap();
        sent.insert(first.to_owned());
        let Some(mut property) = property(schema, first, api) else {
            faults.push(format!("{} {}: `{first}` is not taken", form.method, form.path));
            continue;
        };
        if form.lists.iter().any(|list| list == first) {
            path.next();
            property = resolve(&property["items"], api);
        }
        if let Some(missing) = path.find(|key| self::property(property, key, api).is_none()) {
            faults.push(format!("{} {}: `{missing}` of `{name}` is not taken", form.method, form.path));
        }
    }
    let required = resolve(schema, api)["required"].as_array().cloned().unwrap_or_default();
    let unsaid = required.iter().filter_map(Value::as_str).filter(|key| !sent.contains(*key));
    faults.extend(unsaid.map(|key| format!("{} {}: `{key}` is missing", form.method, form.path)));
    if faults.is_empty() { Ok(format!("{} {template}", form.method)) } else { Err(faults) }
}

/// The operation that a form is sent to.
fn operation<'a>(form: &Form, api: &'a Value) -> Option<(&'a str, &'a Value)> {
    let is_it = |template: &str| {
        let (asked, known): (Vec<_>, Vec<_>) = (form.path.split('/').collect(), template.split('/').collect());
        asked.len() == known.len()
            && asked.iter().zip(known).all(|(a, k)| *a == k || (k.starts_with('{') && !a.is_empty()))
    };
    let mut fitting: Vec<_> = api["paths"].as_object()?.iter().filter(|(template, _)| is_it(template)).collect();
    // What is named stands before what fits in a blank.
    fitting.sort_by_key(|(template, _)| template.matches('{').count());
    let (template, methods) = fitting.first()?;
    Some((template.as_str(), &methods[form.method.to_lowercase()])).filter(|(_, found)| found.is_object())
}

fn resolve<'a>(schema: &'a Value, api: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => api.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

fn property<'a>(schema: &'a Value, name: &str, api: &'a Value) -> Option<&'a Value> {
    resolve(schema, api)["properties"].get(name).map(|property| resolve(property, api))
}
