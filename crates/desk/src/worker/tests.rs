//! What a worker cannot do.
