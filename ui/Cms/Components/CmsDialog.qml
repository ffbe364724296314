pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as Base
import Cms.Theme

// A question with its consequences. The safe answer comes first and has the focus; Esc is the safe answer.
Base.Popup {
    id: dialog

    property string title
    property string text
    property string safeText: qsTr("Not now")
    property string dangerText
    property string confirmText
    property bool confirmEnabled: true
    property bool keepOpen: false
    property real wide: Theme.sizeDialogMax
    default property alias content: slot.data

    signal confirmed
    signal danger

    function answer() {
        if (!keepOpen)
            close();
        if (dangerText !== "")
            danger();
        else
            confirmed();
    }

    parent: Base.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(wide, (parent ? parent.width : wide) - Theme.space(6))
    height: Math.min(implicitHeight, (parent ? parent.height : implicitHeight) - Theme.space(6))
    implicitHeight: column.implicitHeight + topPadding + bottomPadding
    padding: Theme.space(3)
    modal: true
    focus: true
    closePolicy: Base.Popup.CloseOnEscape
    onOpened: if (!contentItem.activeFocus || safe.activeFocus === false && slot.children.length === 0)
        safe.forceActiveFocus(Qt.TabFocusReason)

    contentItem: FocusScope {
        Accessible.role: Accessible.Dialog
        Accessible.name: dialog.title
        Accessible.description: dialog.text

        FollowFlick {
            anchors.fill: parent
            body: column

            ColumnLayout {
                id: column

                width: parent.width
                spacing: Theme.space(1)

                T {
                    Layout.fillWidth: true
                    role: "bodyStrong"
                    text: dialog.title
                    wrapMode: Text.Wrap
                }
                T {
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: dialog.text
                    color: Theme.inkSecondary
                    wrapMode: Text.Wrap
                }
                ColumnLayout {
                    id: slot

                    Layout.fillWidth: true
                    Layout.topMargin: children.length > 0 ? Theme.space(1) : 0
                    spacing: Theme.space(2)
                }
                RowLayout {
                    Layout.fillWidth: true
                    Layout.topMargin: Theme.space(2)
                    spacing: Theme.space(1)

                    Item {
                        Layout.fillWidth: true
                    }
                    CmsButton {
                        id: safe

                        objectName: "dialogSafe"
                        kind: dialog.dangerText !== "" || dialog.confirmText !== "" ? "quiet" : "secondary"
                        text: dialog.safeText
                        onClicked: dialog.close()
                    }
                    CmsButton {
                        objectName: "dialogConfirm"
                        visible: text !== ""
                        kind: dialog.dangerText !== "" ? "danger" : "primary"
                        enabled: dialog.confirmEnabled
                        text: dialog.dangerText !== "" ? dialog.dangerText : dialog.confirmText
                        onClicked: dialog.answer()
                    }
                }
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusDialog
        color: Theme.surface
        border.width: Theme.lineControl
        border.color: Theme.hairlineStrong
    }
    Base.Overlay.modal: Rectangle {
        color: Theme.scrim
    }
}
