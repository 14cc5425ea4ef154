//! Texts of laws that the operator has loaded, to be read and searched by everybody (法规查询).

use record::Hash;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::db::{Tx, retrying};
use crate::error::StoreError;
use crate::schema::{law, law_article};
use crate::search::{SearchWords, drop_texts, find_texts, put_texts};
use crate::store::Store;

/// An article's id is its law's and, in so many bits below, its place in it.
const PLACE_BITS: u32 = 16;
/// Rows of one statement.
const ROWS: usize = 200;

/// A law as it is brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLaw {
    /// By which citations name it: `CPL`, or its title.
    pub code: String,
    pub title: String,
    /// The day of this version, `2023-09-01`.
    pub version: String,
    /// Who passed and changed it when: the lines under its title.
    pub notes: String,
    /// Of the file.
    pub sha256: Hash,
    /// In their order; at most 65,535.
    pub articles: Vec<NewArticle>,
}

/// An article as it is brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArticle {
    /// `85`; `85-1` for 第八十五条之一; empty for what stands before the first.
    pub number: String,
    /// The headings above it, the highest first, a line each.
    pub heading: String,
    /// Its paragraphs, a line each.
    pub text: String,
    /// What it is found by besides its text, e.g. 第八十五条.
    pub also: String,
}

/// What became of a law that was brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LawPut {
    New,
    Changed,
    /// The same file again.
    Same,
}

/// A law that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawRow {
    pub id: i64,
    pub code: String,
    pub title: String,
    pub version: String,
    pub notes: String,
    pub articles: u32,
}

/// An article of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    pub law: i64,
    /// Its place in the law, from 0.
    pub place: u32,
    pub number: String,
    pub heading: String,
    pub text: String,
}

impl Store {
    /// Loads a version of a law, in place of the same version that was loaded before. `at`: microseconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// When the database cannot be written, or the law has too many articles.
    pub async fn put_law(&self, new: &NewLaw, at: i64) -> Result<LawPut, StoreError> {
        if new.articles.len() >= 1 << PLACE_BITS {
            return Err(StoreError::TooLarge);
        }
        retrying(async || {
            let tx = self.db().begin().await?;
            let same = law::Column::Code.eq(&*new.code).and(law::Column::Version.eq(&*new.version));
            let before = law::Entity::find().filter(same).one(&*tx).await?;
            let outcome = match before {
                Some(before) if before.sha256 == new.sha256.0 && before.title == new.title => return Ok(LawPut::Same),
                Some(before) => {
                    forget(&tx, before.id).await?;
                    LawPut::Changed
                }
                None => LawPut::New,
            };
            let row = law::ActiveModel {
                code: Set(new.code.clone()),
                title: Set(new.title.clone()),
                version: Set(new.version.clone()),
                notes: Set(new.notes.clone()),
                sha256: Set(new.sha256.0.to_vec()),
                articles: Set(i32::try_from(numbered(new)).unwrap_or(i32::MAX)),
                imported_at: Set(at),
                ..Default::default()
            };
            let id = law::Entity::insert(row).exec(&*tx).await?.last_insert_id;
            let article = |(place, article): (usize, &NewArticle)| law_article::ActiveModel {
                id: Set(first(id) + i64::try_from(place).unwrap_or(0)),
                law: Set(id),
                number: Set(article.number.clone()),
                heading: Set(article.heading.clone()),
                text: Set(article.text.clone()),
            };
            let rows: Vec<_> = new.articles.iter().enumerate().map(article).collect();
            for rows in rows.chunks(ROWS) {
                law_article::Entity::insert_many(rows.to_vec()).exec_without_returning(&*tx).await?;
            }
            let texts = new.articles.iter().enumerate().map(|(place, article)| {
                let NewArticle { heading, text, also, .. } = article;
                let text = format!("{} {also} {heading} {text}", new.title);
                (first(id) + i64::try_from(place).unwrap_or(0), text)
            });
            put_texts(&tx, texts).await?;
            tx.commit().await?;
            Ok(outcome)
        })
        .await
    }

    /// The laws that were loaded, by title, the latest version of each first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn laws(&self) -> Result<Vec<LawRow>, StoreError> {
        let rows = law::Entity::find()
            .order_by_asc(law::Column::Title)
            .order_by_desc(law::Column::Version)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(read).collect())
    }

    /// A version of a law; the latest when none is named.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn law(&self, code: &str, version: Option<&str>) -> Result<Option<LawRow>, StoreError> {
        let mut found = law::Entity::find().filter(law::Column::Code.eq(code)).order_by_desc(law::Column::Version);
        if let Some(version) = version {
            found = found.filter(law::Column::Version.eq(version));
        }
        Ok(found.one(&self.db().read).await?.map(read))
    }

    /// Its articles, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn articles_of(&self, law: i64) -> Result<Vec<ArticleRow>, StoreError> {
        let rows = law_article::Entity::find()
            .filter(law_article::Column::Law.eq(law))
            .order_by_asc(law_article::Column::Id)
            .all(&self.db().read)
            .await?;
        Ok(rows.into_iter().map(article).collect())
    }

    /// Articles in whose title, number, headings or text each of the words stands; at most `limit`, in no order of worth.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_articles(&self, words: &SearchWords, limit: usize) -> Result<Vec<ArticleRow>, StoreError> {
        let ids = find_texts(&self.db().read, words, limit).await?;
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(ROWS) {
            let here = law_article::Column::Id.is_in(ids.iter().copied());
            found.extend(law_article::Entity::find().filter(here).all(&self.db().read).await?.into_iter().map(article));
        }
        Ok(found)
    }
}

/// What stands before the first article is none.
fn numbered(law: &NewLaw) -> usize {
    law.articles.iter().filter(|article| !article.number.is_empty()).count()
}

fn first(law: i64) -> i64 {
    law << PLACE_BITS
}

async fn forget(tx: &Tx, id: i64) -> Result<(), StoreError> {
    drop_texts(tx, first(id), first(id + 1)).await?;
    law_article::Entity::delete_many().filter(law_article::Column::Law.eq(id)).exec(&**tx).await?;
    law::Entity::delete_many().filter(law::Column::Id.eq(id)).exec(&**tx).await?;
    Ok(())
}

fn read(row: law::Model) -> LawRow {
    let law::Model { id, code, title, version, notes, articles, .. } = row;
    LawRow { id, code, title, version, notes, articles: u32::try_from(articles).unwrap_or(0) }
}

fn article(row: law_article::Model) -> ArticleRow {
    let law_article::Model { id, law, number, heading, text } = row;
    ArticleRow { law, place: u32::try_from(id - first(law)).unwrap_or(0), number, heading, text }
}
