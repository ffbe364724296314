"""`python -m cms_desktop.cli`."""

from cms_desktop.cli.app import main

if __name__ == "__main__":
    main()
