//! How the schema came to be: expand first, contract in a later release, and never edit what was released.

mod m0001_first;
mod m0002_search;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_first::Migration), Box::new(m0002_search::Migration)]
    }
}
