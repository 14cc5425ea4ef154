//! Real small files, made here or by ffmpeg once, and what is said of them.

mod disguises;
mod hostile;
mod made;
mod pages;
mod photos;
mod readings;
mod scene;
mod signed;
mod tables;
mod taken;
mod thumbnails;
