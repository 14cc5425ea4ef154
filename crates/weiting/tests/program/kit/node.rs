//! A second node of the same court: its own memory, its own chance, the same database.

use std::sync::Arc;

use axum::Router;
use court::Policy;
use desk::{Desk, HostChance, Hub, Parts};
use store::Store;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::House;

/// A node beside the house's own.
pub(crate) struct Node {
    pub(crate) desk: Desk,
    pub(crate) app: Router,
    following: JoinSet<()>,
}

impl Node {
    /// A further node on the house's database. Both follow each other from now on.
    pub(crate) async fn beside(house: &House) -> Node {
        let mut node = Node::paused(house).await;
        for desk in [node.desk.clone(), house.desk().clone()] {
            let other = desk.clone();
            node.following.spawn(async move { desk.follow_other_nodes(std::future::pending()).await });
            node.following.spawn(async move { other.follow_revocations(std::future::pending()).await });
        }
        node
    }

    /// A further node that learns of the others' acts only by [`Node::look`].
    pub(crate) async fn paused(house: &House) -> Node {
        Node::under(house, Policy::builtin()).await
    }

    /// A further node that decides by another policy, as after an update.
    pub(crate) async fn under(house: &House, policy: Policy) -> Node {
        let policy = Arc::new(policy);
        let hub = Hub::new(policy.clone());
        let told = hub.clone();
        let mut options = house.database.options();
        options.staging = house.kit.folder().join("staging-of-the-second");
        options.blobs = format!("file://{}/blobs", house.kit.folder().display());
        let store = Store::open(options, move |committed: &[store::Committed]| told.committed(committed));
        let store = store.await.expect("a second node can open the database");
        house.desk().vault.unlock_store(&store, Arc::new(HostChance)).await.expect("its personal data are unlocked");
        let desk = Desk::new(Parts {
            config: house.desk().config.clone(),
            policy,
            store,
            hub,
            tickets: Default::default(),
            uploads: Default::default(),
            files: Default::default(),
            worker: house.desk().worker.clone(),
            views: Default::default(),
            sms: house.kit.sms.clone(),
            phone: house.desk().phone.clone(),
            identity: house.desk().identity.clone(),
            push: house.desk().push.clone(),
            vault: house.desk().vault.clone(),
            clock: house.kit.clock.clone(),
            chance: Arc::new(HostChance),
            shutdown: CancellationToken::new(),
        });
        let app = weiting::router(&desk).expect("policy and API fit together");
        Node { desk, app, following: JoinSet::new() }
    }

    /// Looks once what other nodes have appended.
    pub(crate) async fn look(&self) {
        let once = tokio::time::sleep(std::time::Duration::from_millis(100));
        self.desk.follow_other_nodes(once).await;
        // A socket that was woken reads on its own task.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
