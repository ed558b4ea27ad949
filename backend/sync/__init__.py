"""The phones (移动端): what an agent holds without a signal, and what he did there."""
