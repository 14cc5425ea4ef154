//! Transcripts as they come out, looked at with other people's programs.

mod archive;
mod assessments;
mod hostile;
mod kit;
mod made;
