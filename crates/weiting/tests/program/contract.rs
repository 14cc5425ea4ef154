//! The OpenAPI document says what the types say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names under which the types of a source stand in the document.
fn schema_names(text: &str) -> Vec<String> {
    let (mut names, mut shown, mut named) = (Vec::new(), false, None);
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[derive(") {
            shown = line.contains("ToSchema");
        } else if let Some(rest) = line.strip_prefix("#[schema(as = ") {
            named = rest.split([')', ',']).next().map(str::to_owned);
        } else if let Some(rest) = line.split_once("struct ").or_else(|| line.split_once("enum ")).map(|(_, rest)| rest)
            && line.starts_with("pub")
        {
            let own = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let name = named.take().unwrap_or_else(|| own.to_owned());
            if std::mem::take(&mut shown) {
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn no_two_types_share_a_name_in_the_document() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of the crates");
    let mut files = Vec::new();
    sources(crates, &mut files);
    let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files.into_iter().filter(|file| file.components().any(|part| part.as_os_str() == "src")) {
        let text = std::fs::read_to_string(&file).expect("a source");
        for name in schema_names(&text) {
            places.entry(name).or_default().push(file.clone());
        }
    }
    assert!(places.len() > 60, "this looks at the whole workspace");
    // The one would silently overwrite the other.
    let twice: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn the_search_for_names_finds_them() {
    let text = "#[derive(Clone, ToSchema)]\n#[schema(as = Other)]\npub struct Own {\n}\n#[derive(Clone)]\npub enum No {}\n\
                #[derive(ToSchema)]\npub(crate) enum Yes {}";
    assert_eq!(schema_names(text), ["Other", "Yes"]);
}
