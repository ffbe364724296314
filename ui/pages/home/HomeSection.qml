pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components

// A head and its rows; says what will be here when there are none.
FocusScope {
    id: section

    property string title
    property string nothing
    property alias rows: repeater.model
    readonly property int count: repeater.count

    signal opened(string target, string contract)

    implicitHeight: column.height

    Column {
        id: column

        width: parent.width

        SectionHead {
            width: parent.width
            text: section.title
            count: repeater.count
        }
        Repeater {
            id: repeater

            delegate: HomeRow {
                width: column.width
                focus: index === 0
                onOpened: section.opened(page, contract)
            }
        }
        T {
            visible: repeater.count === 0
            width: parent.width
            topPadding: Theme.space(1.5)
            text: section.nothing
            color: Theme.inkTertiary
            wrapMode: Text.Wrap
        }
    }
}
