//! All that a template can reach: itself, what templates share, its data, its pictures, and the file it carries.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::Fonts;

/// The functions of the language, which are the same for all documents.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

pub(crate) struct Desk<'a> {
    fonts: &'a Fonts,
    main: FileId,
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(fonts: &'a Fonts, template: &str, common: &str) -> Option<Self> {
        let main = file_id("main.typ")?;
        let shared = file_id("common.typ")?;
        let sources = HashMap::from([
            (main, Source::new(main, template.to_owned())),
            (shared, Source::new(shared, common.to_owned())),
        ]);
        Some(Self { fonts, main, sources, files: HashMap::new() })
    }

    /// Puts a file on the desk. Names are kept for ever by the typesetter, so there must be few of them: never one that comes from data.
    pub(crate) fn put(&mut self, name: &str, bytes: Bytes) {
        if let Some(id) = file_id(name) {
            self.files.insert(id, bytes);
        }
    }
}

fn file_id(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// A document knows no other day than those in its data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use typst::syntax::package::PackageSpec;

    use super::*;

    #[test]
    fn nothing_else_can_be_reached() {
        let fonts = Fonts::none();
        let mut desk = Desk::new(&fonts, "main", "common").expect("a desk");
        desk.put("data.json", Bytes::from_string("{}"));
        assert!(desk.file(file_id("data.json").expect("an id")).is_ok());
        for name in ["/etc/passwd", "../../etc/passwd", "main.json", "Cargo.toml"] {
            if let Some(id) = file_id(name) {
                assert_eq!(desk.file(id), Err(FileError::AccessDenied));
                assert!(desk.source(id).is_err());
            }
        }
        let package: PackageSpec = "@preview/cetz:0.3.0".parse().expect("a package");
        let path = VirtualPath::new("lib.typ").expect("a path");
        let id = RootedPath::new(VirtualRoot::Package(package), path).intern();
        assert_eq!(desk.source(id).map(|_| ()), Err(FileError::AccessDenied));
        assert_eq!(desk.today(None), None);
    }
}
