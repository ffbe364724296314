import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// While it is seen, a secret is: it keeps the window out of screenshots, and says whether the system can do that.
RowLayout {
    id: note

    required property ScreenshotGuard guard

    spacing: Theme.space(1)
    Component.onDestruction: if (guard)
        guard.active = false

    Binding {
        target: note.guard
        property: "window"
        value: note.Window.window
    }
    Binding {
        target: note.guard
        property: "active"
        value: true
        when: note.visible
        restoreMode: Binding.RestoreValue
    }
    Icon {
        name: note.guard.asked ? "eye-slash" : "warning"
        color: note.guard.asked ? Theme.inkSecondary : Theme.pending
    }
    T {
        objectName: "screenshotNote"
        Layout.fillWidth: true
        role: "small"
        text: note.guard.sentence
        color: Theme.inkSecondary
        wrapMode: Text.Wrap
    }
}
