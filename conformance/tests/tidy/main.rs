//! What must be true of the repository itself: who depends on whom, what `unsafe` leans on, what the cases cover, that
//! the op manual is the op table, and that nothing is in it that should not be.

mod coverage;
mod dependencies;
mod manual;
mod natives;
mod promises;
mod source;
