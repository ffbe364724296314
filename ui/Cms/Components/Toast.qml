import QtQuick
import QtQuick.Layouts
import Cms.Theme

// What just happened, with one way back.
Rectangle {
    id: toast

    property string text
    property string action
    property string icon: "check-circle"
    readonly property bool held: over.hovered || button.activeFocus

    signal acted

    implicitWidth: Theme.sizeToastWidth
    implicitHeight: Math.max(Theme.sizeToast, line.implicitHeight + Theme.space(2))
    radius: Theme.radiusControl
    color: Theme.toast
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    HoverHandler {
        id: over
    }
    RowLayout {
        id: line

        x: Theme.space(2)
        width: parent.width - 2 * x
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space(1.5)

        Icon {
            name: toast.icon
            color: Theme.toastInk
        }
        T {
            Layout.fillWidth: true
            text: toast.text
            color: Theme.toastInk
            wrapMode: Text.Wrap
        }
        Pressable {
            id: button

            objectName: "toastAction"
            visible: toast.action !== ""
            text: toast.action
            implicitWidth: word.implicitWidth
            implicitHeight: Theme.sizeMinimumTarget
            onClicked: toast.acted()

            contentItem: T {
                id: word

                role: "bodyStrong"
                text: toast.action
                color: Theme.toastAccentInk
            }
            background: FocusRing {
                shown: button.visualFocus
                border.color: Theme.toastAccentInk
            }
        }
    }
}
