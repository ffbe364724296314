"""Schema migrations, shipped inside the package; ``HEAD`` is the revision that this version works on."""

HEAD = "0003"
