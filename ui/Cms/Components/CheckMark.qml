import QtQuick
import Cms.Theme

// The state of a check: colour, icon and word.
Item {
    id: mark

    property string text
    readonly property var look: Theme.checks[state] ?? Theme.checks.notChecked
    readonly property string word: text !== "" ? text : look.word

    implicitWidth: line.implicitWidth
    implicitHeight: Theme.sizeIconSmall
    Accessible.role: Accessible.StaticText
    Accessible.name: word

    Row {
        id: line

        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space(0.75)

        Seal {
            visible: mark.state === "verified"
            size: Theme.sizeSealInline
            kind: "verified"
        }
        Icon {
            visible: mark.state !== "verified"
            name: mark.look.icon
            size: Theme.sizeIconSmall
            color: Theme[mark.look.colour]
        }
        T {
            role: "smallStrong"
            text: mark.word
            color: Theme[mark.look.colour]
            Accessible.ignored: true
        }
    }
}
