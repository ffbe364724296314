import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels
import "../firstrun"

// The raw key on the screen, only when asked; a copy stays half a minute.
ColumnLayout {
    id: part

    required property WalletKeys keys
    required property ScreenshotGuard guard
    readonly property bool open: keys.shown !== ""

    spacing: Theme.space(1)

    CmsButton {
        objectName: "keyShow"
        visible: !part.open
        Layout.leftMargin: -Theme.space(1.5)
        kind: "quiet"
        icon: "eye"
        text: qsTr("Show it on the screen instead")
        onClicked: part.keys.show()
    }
    T {
        objectName: "keyShown"
        Layout.fillWidth: true
        visible: part.open
        role: "mono"
        text: (part.keys.shown.match(/.{1,8}/g) ?? []).join(" ")
        wrapMode: Text.Wrap
        Accessible.name: qsTr("The raw key")
    }
    ScreenshotNote {
        Layout.fillWidth: true
        visible: part.open
        guard: part.guard
    }
    CmsButton {
        objectName: "keyCopy"
        visible: part.open
        small: true
        icon: "copy"
        text: qsTr("Copy for 30 seconds")
        onClicked: part.keys.copy()
    }
}
