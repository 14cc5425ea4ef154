//! Keeps the log up with the records, for as long as the server runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use desk::Desk;
use metrics::{counter, gauge};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::{debug, error, info, warn};

use crate::log::{CourtLog, Step, Trouble};
use crate::witnesses::{self, Witness};

/// How often it is looked for new acts. A checkpoint is then a few seconds old, far from the sixty that are promised.
const LOOK: Duration = Duration::from_secs(2);

impl CourtLog {
    /// Grows the log until `shutdown`.
    pub async fn run(self: Arc<Self>, desk: Desk, witnesses: Vec<Witness>, shutdown: impl Future<Output = ()>) {
        let working = async {
            let mut look = interval(LOOK);
            look.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut told = desk.store.tree_trouble().await.ok().flatten();
            loop {
                look.tick().await;
                let came = match self.catch_up(&desk).await {
                    Ok(step) => witnesses::ask(&self, &desk, &witnesses).await.map(|()| step),
                    trouble => trouble,
                };
                let well = came.as_ref().is_ok_and(|step| step.damaged.is_empty());
                gauge!("log_trouble").set(if well { 0.0 } else { 1.0 });
                if self.tell(&desk, &came, &mut told).await {
                    return;
                }
            }
        };
        tokio::select! {
            () = shutdown => {}
            () = working => {}
        }
    }

    /// Grows until there is nothing more.
    ///
    /// # Errors
    /// Why nothing was signed.
    pub async fn catch_up(&self, desk: &Desk) -> Result<Step, Trouble> {
        loop {
            let begun = Instant::now();
            let step = self.step(&desk.store, court::beijing::micros(desk.now())).await?;
            if step.grown == 0 {
                return Ok(step);
            }
            counter!("log_leaves_total").increment(step.grown);
            debug!(leaves = step.grown, "The log has grown");
            // Of the writer's time no more than half is taken from those who act.
            sleep(begun.elapsed()).await;
        }
    }

    /// Says what is wrong, once, where an operator looks. Returns whether it is the end of writing.
    async fn tell(&self, desk: &Desk, came: &Result<Step, Trouble>, told: &mut Option<String>) -> bool {
        let what = match came {
            Ok(step) if step.damaged.is_empty() => None,
            Ok(step) => {
                let acts: Vec<_> = step
                    .damaged
                    .iter()
                    .map(|(record, seq, what)| format!("record {record} act {seq}: {what}"))
                    .collect();
                Some(acts.join("; "))
            }
            // The database is away for a moment: the readiness check says so already.
            Err(Trouble::Store(problem)) => {
                warn!(error = %problem, "The log waits for the database");
                return false;
            }
            Err(trouble) => Some(trouble.to_string()),
        };
        let fatal = came.as_ref().is_err_and(Trouble::is_fatal);
        if fatal {
            desk.store.close_to_acts();
        }
        let noted = what.as_deref().map(|what| if fatal { format!("fatal: {what}") } else { what.to_owned() });
        if *told == noted {
            return fatal;
        }
        match &what {
            Some(what) => error!(what, fatal, "The record is not what was acknowledged; it is not signed"),
            None if told.is_some() => info!("The log signs again"),
            None => {}
        }
        if let Err(error) = desk.store.set_tree_trouble(noted.as_deref()).await {
            warn!(%error, "What is wrong with the log could not be noted");
            return fatal;
        }
        *told = noted;
        fatal
    }
}
