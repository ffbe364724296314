pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// A clause: one line, or an editor when it is open. Alt+Up and Alt+Down move it, so does dragging the six dots.
FocusScope {
    id: row

    required property int index
    required property string number
    required property string heading
    required property string text
    required property int words
    property bool open: false

    signal opened
    signal closed
    signal edited(string text)
    signal removed
    signal added
    signal moved(int by)
    signal stepped(int by)

    implicitHeight: open ? head.height + editor.height + Theme.space(1) : head.height
    activeFocusOnTab: true
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("Clause %1, %2").arg(number).arg(heading)

    Keys.onPressed: event => {
        const alt = event.modifiers & Qt.AltModifier;
        if (event.key === Qt.Key_Up)
            alt ? row.moved(-1) : row.stepped(-1);
        else if (event.key === Qt.Key_Down)
            alt ? row.moved(1) : row.stepped(1);
        else if (event.key === Qt.Key_Escape && row.open)
            row.closed();
        else if (row.open)
            return;
        else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            row.opened();
        else if (event.key === Qt.Key_Delete)
            row.removed();
        else
            return;
        event.accepted = true;
    }

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: -Theme.space(1)
        anchors.rightMargin: -Theme.space(1)
        radius: Theme.radiusCard
        color: !row.open && over.hovered ? Theme.hover : Theme.surface
        border.width: row.activeFocus && !row.open ? Theme.lineFocusRing : row.open ? Theme.lineControl : 0
        border.color: row.activeFocus && !row.open ? Theme.focus : Theme.hairline
    }
    Item {
        id: head

        width: parent.width
        height: Theme.space(5)

        HoverHandler {
            id: over
        }
        TapHandler {
            onTapped: row.open ? row.closed() : row.opened()
        }
        Icon {
            id: dots

            anchors.verticalCenter: parent.verticalCenter
            name: "dots-six-vertical"
            size: Theme.sizeIconSmall
            color: Theme.inkTertiary

            DragHandler {
                id: drag

                property real sofar: 0

                target: null
                xAxis.enabled: false
                cursorShape: Qt.SizeVerCursor
                onActiveChanged: sofar = 0
                onActiveTranslationChanged: {
                    const by = Math.round((activeTranslation.y - sofar) / head.height);
                    if (by !== 0) {
                        sofar += by * head.height;
                        row.moved(by);
                    }
                }
            }
        }
        T {
            x: Theme.space(2.5)
            width: Theme.space(3)
            anchors.verticalCenter: parent.verticalCenter
            text: row.number
            color: Theme.inkTertiary
        }
        T {
            anchors {
                left: parent.left
                leftMargin: Theme.space(6)
                right: tools.left
                rightMargin: Theme.space(1)
                verticalCenter: parent.verticalCenter
            }
            role: row.open ? "bodyStrong" : "body"
            text: row.heading
            textFormat: Text.PlainText
            elide: Text.ElideRight
        }
        Loader {
            id: tools

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            active: row.open || over.hovered || row.activeFocus
            sourceComponent: Row {
                IconButton {
                    objectName: "clauseAdd"
                    icon: "plus"
                    tip: qsTr("Add a clause below")
                    onClicked: row.added()
                }
                IconButton {
                    objectName: "clauseRemove"
                    icon: "trash"
                    tip: qsTr("Remove the clause (Del)")
                    onClicked: row.removed()
                }
            }
        }
    }
    // Only the clause that is written on has an editor: a long contract stays quick.
    Loader {
        id: editor

        anchors.top: head.bottom
        x: Theme.space(4)
        width: parent.width - x
        active: row.open
        sourceComponent: ClauseEditor {
            source: row.text
            count: row.words
            onEdited: text => row.edited(text)
        }
        onLoaded: (item as ClauseEditor).begin()
    }
}
