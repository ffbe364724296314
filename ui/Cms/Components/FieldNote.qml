import QtQuick
import QtQuick.Layouts
import Cms.Theme

// The line below a field: what is wrong, else a hint.
RowLayout {
    id: note

    property string error
    property string hint

    visible: error !== "" || hint !== ""
    spacing: Theme.space(0.75)

    Icon {
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: Theme.lineHairline
        visible: note.error !== ""
        name: "x-circle-fill"
        size: Theme.sizeIconBadge
        color: Theme.failed
    }
    T {
        Layout.fillWidth: true
        role: "small"
        text: note.error !== "" ? note.error : note.hint
        color: note.error !== "" ? Theme.failed : Theme.inkSecondary
        wrapMode: Text.Wrap
        Accessible.role: note.error !== "" ? Accessible.AlertMessage : Accessible.StaticText
    }
}
