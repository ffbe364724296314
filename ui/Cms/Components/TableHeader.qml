import QtQuick
import Cms.Theme

// The head of one column; where it can be sorted, a click or Enter sorts.
Pressable {
    id: head

    property bool sortable: false
    property bool sorted: false
    property bool descending: false
    property bool alignRight: false

    implicitHeight: Theme.sizeTableHead
    implicitWidth: word.implicitWidth + Theme.space(2)
    enabled: sortable
    activeFocusOnTab: sortable
    Accessible.role: Accessible.ColumnHeader

    contentItem: Item {
        Row {
            x: head.alignRight ? parent.width - width : 0
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.space(0.5)

            T {
                id: word

                role: "small"
                text: head.text
                color: Theme.inkSecondary
            }
            Icon {
                visible: head.sorted
                name: head.descending ? "arrow-down" : "arrow-up"
                size: Theme.space(1.5)
                color: Theme.inkSecondary
            }
        }
    }
    background: FocusRing {
        shown: head.visualFocus
        inner: true
    }
}
