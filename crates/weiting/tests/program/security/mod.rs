//! Requirements of `SECURITY.md` through the whole program, each named by its id.

mod caching;
mod fields;
mod former;
mod locations;
mod logs;
mod phases;
mod private;
mod quota;
mod race;
mod revocation;
mod unknown_fields;
