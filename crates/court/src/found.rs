//! By what an act is found again (查找消息记录).

use std::borrow::Cow;

use time::Date;

use crate::act::{Act, Body};
use crate::{File, beijing};

impl Act {
    /// The words by which it is found: what was said, the name of a file that was shown, what a matter asks and what was answered, and of
    /// everything else its sentence. Never a place: it is shown for a day only.
    pub fn searchable(&self) -> Cow<'_, str> {
        match &self.body {
            Body::SpeechText(said) => Cow::Borrowed(&said.text),
            Body::SpeechPhoto(shown)
            | Body::SpeechVideo(shown)
            | Body::SpeechVoice(shown)
            | Body::SpeechDocument(shown) => Cow::Borrowed(&shown.file.name),
            Body::MatterIssue(issued) => lines([&*issued.title, &*issued.text], &issued.attachments),
            Body::MatterAnswer(answered) => {
                let values = answered.values.iter().map(|filled| filled.value.as_str());
                lines([&*answered.title, &*answered.text].into_iter().chain(values), &answered.attachments)
            }
            Body::TranscriptAnnotate(added) => Cow::Borrowed(&added.text),
            Body::TranscriptRequestCorrection(asked) => Cow::Borrowed(&asked.text),
            Body::PointsRecord(points) => {
                let points = points.undisputed.iter().chain(&points.disputed);
                lines(points.map(|point| point.text.as_str()), &[])
            }
            _ => Cow::Borrowed(&self.sentence),
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

fn lines<'a>(words: impl IntoIterator<Item = &'a str>, files: &'a [File]) -> Cow<'static, str> {
    let names = files.iter().map(|file| file.name.as_str());
    Cow::Owned(words.into_iter().chain(names).collect::<Vec<_>>().join("\n"))
}
