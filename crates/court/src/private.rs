//! Private messages to somebody who judges: what this court makes of them (architecture 5, no. 86). A judge may not be spoken to by one side
//! unheard (Civil Procedure Law, art. 47); how that is kept is the court's choice.

use serde::Deserialize;

/// What becomes of a private message to somebody who judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateMessages {
    /// The clerks see it too, and nobody else.
    #[default]
    Heard,
    /// It is refused: what is for the bench is said in the room.
    Forbidden,
    /// The clerks, the parties and their agents see it too.
    Disclosed,
}
