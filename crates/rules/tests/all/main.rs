//! What must hold of the law as data: vectors worked by hand, properties, and a second implementation.

mod book;
mod identifiers;
mod kit;
mod periods;
mod second;
mod vectors;
