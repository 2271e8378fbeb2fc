"""Reports of many donors in several languages, made in the background and handed over as one."""
