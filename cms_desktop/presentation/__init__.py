"""Values made ready to be read: words, dates, paper, timelines. Pure; Qt only for the person's locale."""
