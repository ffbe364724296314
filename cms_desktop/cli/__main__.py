"""`python -m cms_desktop.cli`."""

from cms_desktop.cli.entry import main

if __name__ == "__main__":
    main()
