pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components

// What the parties said, and a field to say more. It covers the side while it is open.
FocusScope {
    id: drawer

    property alias rows: list.model
    readonly property int count: list.count

    signal said(string text)

    function open() {
        visible = true;
        field.forceActiveFocus(Qt.TabFocusReason);
        list.positionViewAtEnd();
    }

    visible: false
    Keys.onEscapePressed: visible = false
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Comments")

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        vertical: true
        height: parent.height
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space(3)
        spacing: Theme.space(2)

        RowLayout {
            SectionHead {
                Layout.fillWidth: true
                text: qsTr("Comments")
                count: list.count
            }
            IconButton {
                icon: "x"
                tip: qsTr("Close")
                onClicked: drawer.visible = false
            }
        }
        ListView {
            id: list

            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            spacing: Theme.space(2)
            boundsBehavior: Flickable.StopAtBounds
            ScrollBar.vertical: ScrollBar {}

            delegate: Column {
                id: comment

                required property string name
                required property string when
                required property string place
                required property string text

                width: ListView.view.width
                spacing: Theme.space(0.5)
                Accessible.role: Accessible.ListItem
                Accessible.name: [name, when, place, text].filter(part => part !== "").join(", ")

                T {
                    width: parent.width
                    role: "bodyStrong"
                    text: comment.name
                    elide: Text.ElideRight
                }
                T {
                    width: parent.width
                    role: "small"
                    text: [comment.when, comment.place].filter(part => part !== "").join(" · ")
                    color: Theme.inkTertiary
                }
                T {
                    width: parent.width
                    text: comment.text
                    textFormat: Text.PlainText
                    wrapMode: Text.Wrap
                }
            }
        }
        T {
            Layout.fillWidth: true
            visible: list.count === 0
            text: qsTr("Nobody said anything yet. Comments are signed, and go along with the contract's file. They change nothing that was agreed.")
            color: Theme.inkTertiary
            wrapMode: Text.Wrap
        }
        TextInputField {
            id: field

            objectName: "commentField"
            Layout.fillWidth: true
            label: qsTr("Your comment")
            placeholder: qsTr("All parties can read it")
            onAccepted: send.clicked()
        }
        CmsButton {
            id: send

            objectName: "commentSend"
            Layout.fillWidth: true
            text: qsTr("Sign and send the comment")
            enabled: field.text.trim() !== ""
            onClicked: {
                if (field.text.trim() === "")
                    return;
                drawer.said(field.text.trim());
                field.text = "";
            }
        }
    }
}
