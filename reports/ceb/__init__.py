"""The yearly revenue files of UN CEB, in the codes of its data standards."""
