//! Programs nobody wrote.
