import QtQuick
import Cms.Theme

// One of the two faces of a button that is held: filled, or waiting to be filled.
Rectangle {
    id: face

    property bool lit: true
    property bool off: false
    property string icon
    property string text
    readonly property color ink: off ? Theme.inkDisabled : lit ? Theme.accentInk : Theme.accentText

    radius: Theme.radiusControl
    color: off ? Theme.sunken : lit ? Theme.accent : Theme.accentTint
    border.width: lit || off ? 0 : Theme.lineControl
    border.color: Theme.accent

    Row {
        anchors.centerIn: parent
        spacing: Theme.space(1)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: face.icon
            color: face.ink
        }
        T {
            role: "button"
            text: face.text
            color: face.ink
            Accessible.ignored: true
        }
    }
}
