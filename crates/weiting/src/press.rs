//! The press: fonts, the court's key and the time-stamping authority that the settings name.

#[cfg(not(feature = "print"))]
pub(crate) use without::{press, reports};

/// This program was built without a typesetter.
#[cfg(not(feature = "print"))]
mod without {
    use std::sync::Arc;

    use hearing::Press;

    use crate::settings::Settings;

    pub(crate) fn press(_: &Settings, _: bool) -> anyhow::Result<Option<Arc<dyn Press>>> {
        Ok(None)
    }

    pub(crate) fn reports(_: &Settings) -> tools::Reports {
        tools::Reports(None)
    }
}

#[cfg(feature = "print")]
pub(crate) use print::{press, reports};

#[cfg(feature = "print")]
mod print {
    use std::sync::Arc;

    use anyhow::Context;
    use async_trait::async_trait;
    use certs::{Anchors, FileKey, Signer};
    use connect::outbound::{Destination, Outbound, OutboundSettings};
    use connect::timestamp::{Rfc3161, Timestamps};
    use desk::{Chance, Clock, HostChance, HostClock};
    use hearing::{Child, Press, Printing};
    use tokio::sync::Semaphore;
    use tokio::task::spawn_blocking;
    use tools::ReportPress;
    use tracing::warn;
    use typeset::assessment::Assessment;
    use typeset::{Document, Fonts, Pictures};

    use crate::settings::{SealSettings, Settings, place};

    /// The press of this court; none where it has no seal. `private`: the authority is the simulator on this machine.
    pub(crate) fn press(settings: &Settings, private: bool) -> anyhow::Result<Option<Arc<dyn Press>>> {
        let Some(seal) = &settings.seal else { return Ok(None) };
        // Looked for at the start, so that what is missing is said then; found again by the child that lays a document out.
        Fonts::in_directories(&seal.fonts).context("seal.fonts")?;
        let program = std::env::current_exe().context("the program cannot find itself")?;
        let typesetter = Arc::new(Child::of(program, seal.fonts.clone()));
        let pem = std::fs::read_to_string(&seal.key_file)
            .with_context(|| format!("seal.key_file {} cannot be read", seal.key_file.display()))?;
        let signer: Arc<dyn Signer> = Arc::new(FileKey::from_pem(&pem).context("seal.key_file")?);
        let timestamps = timestamps(seal, private)?;
        let court = settings.court.name.clone();
        Ok(Some(Arc::new(Printing::new(typesetter, signer, timestamps, court))))
    }

    /// What makes files of reports; none where the court has no fonts.
    pub(crate) fn reports(settings: &Settings) -> tools::Reports {
        let fonts = settings.seal.as_ref().and_then(|seal| Fonts::in_directories(&seal.fonts).ok());
        let press = fonts.map(|fonts| ReportPrinting { fonts: Arc::new(fonts), turn: Semaphore::new(1) });
        tools::Reports(press.map(|press| Arc::new(press) as Arc<dyn ReportPress>))
    }

    /// Typesets reports in this process, one at a time and beside the transcripts, which nobody's curiosity shall hold up.
    struct ReportPrinting {
        fonts: Arc<Fonts>,
        turn: Semaphore,
    }

    #[async_trait]
    impl ReportPress for ReportPrinting {
        async fn typeset(&self, assessment: Assessment) -> Option<Vec<u8>> {
            let _turn = self.turn.acquire().await.ok()?;
            let fonts = self.fonts.clone();
            let document: Document = assessment.into();
            let made = spawn_blocking(move || typeset::render(&document, &Pictures::new(), &fonts)).await.ok()?;
            made.inspect_err(|failure| warn!(%failure, "A report was not typeset")).ok().map(|made| made.pdf)
        }
    }

    fn timestamps(seal: &SealSettings, private: bool) -> anyhow::Result<Option<(Arc<dyn Timestamps>, String)>> {
        let Some(url) = &seal.timestamps else { return Ok(None) };
        let anchors = seal.timestamp_anchors.as_ref().context("seal.timestamp_anchors is missing")?;
        let anchors = std::fs::read_to_string(anchors)
            .with_context(|| format!("seal.timestamp_anchors {} cannot be read", anchors.display()))?;
        let anchors =
            Anchors::from_pem(&anchors).map_err(|fault| anyhow::anyhow!("seal.timestamp_anchors: {fault}"))?;
        let (host, port) = place(url)?;
        let name = host.clone();
        let destinations = vec![Destination { host, port, allow_private: private }];
        let outbound = Outbound::new(&OutboundSettings { destinations, ..Default::default() })?;
        let chance = Arc::new(|| <dyn Chance>::bytes::<16>(&HostChance));
        let authority = Rfc3161::new(url.clone(), anchors, outbound, Arc::new(|| HostClock.now()), chance);
        Ok(Some((Arc::new(authority), name)))
    }
}
