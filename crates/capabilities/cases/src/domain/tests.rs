mod flow;
mod policy;
mod samples;
mod table;
