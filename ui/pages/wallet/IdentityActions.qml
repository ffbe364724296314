import QtQuick
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// The lowest line of a card: what is done most, and whether this identity is the one in use.
GridLayout {
    id: part

    property bool inUse: false
    property bool canRotate: false
    property string note

    signal shared
    signal rotateWanted

    columns: Theme.scale > 1.15 ? 2 : 4
    columnSpacing: Theme.space(1)
    rowSpacing: Theme.space(1)

    CmsButton {
        objectName: "identityRotate"
        visible: part.canRotate
        small: true
        icon: "arrows-clockwise"
        text: qsTr("Rotate key")
        onClicked: part.rotateWanted()
    }
    CmsButton {
        objectName: "identityShare"
        small: true
        icon: "qr-code"
        text: qsTr("Share")
        onClicked: part.shared()
    }
    Item {
        Layout.fillWidth: true
        visible: part.columns === 4
    }
    CheckMark {
        visible: part.inUse
        state: "passed"
        text: qsTr("In use")
    }
    RowLayout {
        visible: !part.inUse && part.note !== ""
        spacing: Theme.space(0.75)

        Icon {
            name: "clock-counter-clockwise"
            color: Theme.inkSecondary
        }
        T {
            role: "smallStrong"
            text: part.note
            color: Theme.inkSecondary
        }
    }
}
