//! What must hold of the law as data: vectors worked by hand, properties, and a second implementation.

mod book;
mod fees;
mod identifiers;
mod interest;
mod kit;
mod periods;
mod risk;
mod second;
mod second_money;
mod vectors;
