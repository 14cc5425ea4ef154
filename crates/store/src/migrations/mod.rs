//! How the schema came to be: expand first, contract in a later release, and never edit what was released.

mod m0001_first;
mod m0002_search;
mod m0003_matters;
mod m0005_phone_call;
mod m0006_import;
mod m0007_worker;
mod m0008_dossier;
mod m0009_inbox;
mod m0010_tree;
mod m0011_signatures;
mod m0012_documents;
mod m0013_tools;
mod m0014_signature_uses;
mod m0015_personal_data;
mod m0016_agency;
mod m0017_consents;
mod m0018_incidents;
mod m0019_laws;
mod m0020_offices;
mod m0021_feedback;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first::Migration),
            Box::new(m0002_search::Migration),
            Box::new(m0003_matters::Migration),
            Box::new(m0005_phone_call::Migration),
            Box::new(m0006_import::Migration),
            Box::new(m0007_worker::Migration),
            Box::new(m0008_dossier::Migration),
            Box::new(m0009_inbox::Migration),
            Box::new(m0010_tree::Migration),
            Box::new(m0011_signatures::Migration),
            Box::new(m0012_documents::Migration),
            Box::new(m0013_tools::Migration),
            Box::new(m0014_signature_uses::Migration),
            Box::new(m0015_personal_data::Migration),
            Box::new(m0016_agency::Migration),
            Box::new(m0017_consents::Migration),
            Box::new(m0018_incidents::Migration),
            Box::new(m0019_laws::Migration),
            Box::new(m0020_offices::Migration),
            Box::new(m0021_feedback::Migration),
        ]
    }
}
