//! An upload is looked at by the worker before it is taken.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::{Method, Request};
use court::Policy;
use desk::{Desk, Parts};

use super::*;
use crate::kit::House;

impl House {
    /// The same program, with the real worker.
    async fn walled(mut self) -> House {
        let desk = &self.kit.desk;
        let parts = Parts {
            config: desk.config.clone(),
            policy: Arc::new(Policy::builtin()),
            store: desk.store.clone(),
            hub: desk.hub.clone(),
            tickets: Default::default(),
            uploads: Default::default(),
            files: Default::default(),
            worker: walled(&self.kit.folder().join("walled")).await,
            views: Default::default(),
            sms: self.kit.sms.clone(),
            phone: desk.phone.clone(),
            identity: desk.identity.clone(),
            push: desk.push.clone(),
            vault: desk.vault.clone(),
            clock: self.kit.clock.clone(),
            chance: desk.chance.clone(),
            shutdown: desk.shutdown.clone(),
        };
        self.kit.desk = Desk::new(parts);
        self.app = weiting::router(&self.kit.desk).expect("policy and API fit together");
        self
    }
}

#[tokio::test]
async fn sr34_an_upload_is_taken_or_refused_by_what_the_worker_says() {
    let house = House::sqlite().await.walled().await;
    let person = house.kit.person("王小禾", "13900000001").await;
    let mut browser = house.kit.caller(&house.app, person, None).await;
    let paper = pdf(b"0 0 0 rg 100 100 200 200 re f", "");
    // file.pdf in base64: only its ending counts.
    for (key, bytes, status) in [("a", paper.clone(), 204), ("b", fixture("video.mp4"), 415), ("c", paper, 204)] {
        let begin = Request::builder()
            .method(Method::POST)
            .uri("/api/uploads")
            .header("tus-resumable", "1.0.0")
            .header("idempotency-key", key)
            .header("upload-length", bytes.len())
            .header("upload-metadata", "filename ZmlsZS5wZGY=");
        let begun = browser.send(begin, Body::empty()).await;
        assert_eq!(begun.status, 201);
        let path = begun.header("location").to_owned();
        let part = Request::builder()
            .method(Method::PATCH)
            .uri(&path)
            .header("tus-resumable", "1.0.0")
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream");
        let began = Instant::now();
        let answer = browser.send(part, Body::from(bytes)).await;
        println!("the last part of an upload took {} ms with the check", began.elapsed().as_millis());
        assert_eq!(answer.status.as_u16(), status, "{key}");
    }
}
