//! The fonts that documents are set in, and no others: what else is installed on a machine must not change a court's papers.

use std::path::{Path, PathBuf};

use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst_kit::fonts::{FontStore, scan};

/// The families that templates name, in the order in which a missing character is looked for. The first three are a court's own to buy.
const FAMILIES: [&str; 6] =
    ["FangSong_GB2312", "FangSong", "SimHei", "Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai"];

/// Without these no document is set.
const NEEDED: [&str; 2] = ["Noto Serif CJK SC", "Noto Sans CJK SC"];

/// The fonts of some directories. Finding them takes a while, so make this once in a process.
pub struct Fonts {
    store: FontStore,
    faces: usize,
}

/// A font without which nothing can be set is not in any of the directories.
#[derive(Debug, thiserror::Error)]
#[error("缺少字体 {}（在 {} 中未找到）；请安装 Debian 软件包 fonts-noto-cjk", families.join("、"), directories(searched))]
pub struct FontsMissing {
    pub families: Vec<String>,
    pub searched: Vec<PathBuf>,
}

fn directories(searched: &[PathBuf]) -> String {
    searched.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("、")
}

impl Fonts {
    /// Looks through `directories` and everything in them.
    ///
    /// # Errors
    /// If a family that every document needs is in none of them.
    pub fn in_directories<P: AsRef<Path>>(directories: &[P]) -> Result<Self, FontsMissing> {
        let mut found: Vec<_> = directories
            .iter()
            .flat_map(|directory| scan(directory.as_ref()))
            .filter(|(_, info)| FAMILIES.contains(&info.family.as_str()))
            .collect();
        // A directory gives its files in any order; the book must not depend on it.
        found.sort_by(|(a, _), (b, _)| (&a.path, a.index).cmp(&(&b.path, b.index)));
        let mut store = FontStore::new();
        let faces = found.len();
        store.extend(found);
        let missing: Vec<String> = NEEDED
            .iter()
            .filter(|family| !store.book().contains_family(&family.to_lowercase()))
            .map(|f| (*f).to_owned())
            .collect();
        if missing.is_empty() {
            Ok(Self { store, faces })
        } else {
            let searched = directories.iter().map(|d| d.as_ref().to_owned()).collect();
            Err(FontsMissing { families: missing, searched })
        }
    }

    /// No font at all.
    #[cfg(test)]
    pub(crate) fn none() -> Self {
        Self { store: FontStore::new(), faces: 0 }
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }

    /// Whether some font has a glyph for `c`.
    pub(crate) fn can_print(&self, c: char) -> bool {
        (0..self.faces).filter_map(|index| self.book().info(index)).any(|info| info.coverage.contains(c.into()))
    }
}
