//! By what an act is found again (查找消息记录).

use time::Date;

use crate::act::{Act, Body};
use crate::beijing;

impl Act {
    /// The words by which it is found: what was said, the name of a file that was shown, and of everything else its sentence.
    pub fn searchable(&self) -> &str {
        match &self.body {
            Body::SpeechText(said) => &said.text,
            Body::SpeechPhoto(shown)
            | Body::SpeechVideo(shown)
            | Body::SpeechVoice(shown)
            | Body::SpeechDocument(shown) => &shown.file.name,
            _ => &self.sentence,
        }
    }

    /// Whether it stands on the wall of photos and videos.
    pub fn is_media(&self) -> bool {
        matches!(self.body, Body::SpeechPhoto(_) | Body::SpeechVideo(_))
    }

    /// The day on which it was done, by the clock on the wall of the court.
    pub fn day(&self) -> Date {
        beijing::day(self.at)
    }
}
