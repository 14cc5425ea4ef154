//! What stands in the dossier of the demonstration: three small invented papers, printed from the pages beside them.

use bytes::Bytes;
use court::dossier::{FileIn, Folder, Paper};
use court::{PersonId, Proposal, UploadId, beijing};
use desk::Desk;
use store::{FinishedUpload, UploadRow};

/// A paper of the dossier.
pub(super) struct Filing {
    title: &'static str,
    paper: Paper,
    folder: Folder,
    pdf: &'static [u8],
}

/// In the order in which the clerk files them.
pub(super) const FILINGS: [Filing; 3] = [
    Filing {
        title: "起诉状",
        paper: Paper::Complaint,
        folder: Folder::Main,
        pdf: include_bytes!("papers/complaint.pdf"),
    },
    Filing {
        title: "家居用品买卖合同",
        paper: Paper::Evidence,
        folder: Folder::Main,
        pdf: include_bytes!("papers/contract.pdf"),
    },
    Filing {
        title: "合议笔录",
        paper: Paper::Deliberation,
        folder: Folder::Auxiliary,
        pdf: include_bytes!("papers/deliberation.pdf"),
    },
];

impl Filing {
    /// Brings the paper to the court as this person's upload; what files it.
    pub(super) async fn brought(&self, desk: &Desk, person: PersonId) -> anyhow::Result<Proposal> {
        let now = beijing::micros(desk.now());
        let row = UploadRow {
            purpose: store::Purpose::Record,
            id: UploadId(desk.chance.id()),
            person,
            name: format!("{}.pdf", self.title),
            length: self.pdf.len() as u64,
            offset: 0,
            created_at: now,
            expires_at: now + 24 * 3_600_000_000,
            finished: None,
            used: false,
        };
        desk.store.create_upload(&row).await?;
        let content = Bytes::from_static(self.pdf);
        let part = futures_util::stream::iter([Ok::<_, std::io::Error>(content.clone())]);
        desk.store.receive(person, row.id, 0, part).await?;
        let found = FinishedUpload {
            sha256: desk.store.blobs().put_bytes(content).await?,
            size: row.length,
            media_type: "application/pdf".to_owned(),
            kind: "document".to_owned(),
            width: None,
            height: None,
            seconds: None,
            warnings: "[]".to_owned(),
        };
        desk.store.finish_upload(row.id, &found, now).await?;
        let (folder, title) = (self.folder, self.title.to_owned());
        Ok(Proposal::DossierFile(FileIn { blob: row.id, folder, title, paper: Some(self.paper) }))
    }
}
