//! The live feed over real connections: completeness and order, slow and flooding clients, who may open it, several nodes.

mod entry;
mod feed;
mod floods;
mod nodes;
mod presence;
mod slow;
