pragma ComponentBehavior: Bound

import QtQuick
import Cms.ViewModels

// The keys that work on every page.
Item {
    id: keys

    required property ShellViewModel shell

    signal paletteWanted
    signal helpWanted

    Shortcut {
        sequences: ["Ctrl+K"]
        enabled: keys.enabled
        onActivated: keys.paletteWanted()
    }
    Shortcut {
        sequences: [StandardKey.New]
        enabled: keys.enabled
        onActivated: keys.shell.create()
    }
    Shortcut {
        sequences: ["Ctrl+L"]
        enabled: keys.enabled
        onActivated: keys.shell.lock()
    }
    Shortcut {
        sequences: ["F1"]
        enabled: keys.enabled
        onActivated: keys.helpWanted()
    }
    Repeater {
        model: ["home", "contracts", "verify", "wallet", "activity", "settings"]

        delegate: Item {
            id: one

            required property int index
            required property string modelData

            Shortcut {
                sequences: ["Alt+" + (one.index + 1)]
                enabled: keys.enabled
                onActivated: keys.shell.show(one.modelData)
            }
        }
    }
}
