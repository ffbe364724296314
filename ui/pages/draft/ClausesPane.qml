pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Cms.Theme
import Cms.Components
import Cms.ViewModels

// Title, opening text, clauses in their order, and the variables that the text names.
FocusScope {
    id: pane

    required property DraftViewModel vm

    function focusTitle() {
        title.forceActiveFocus(Qt.TabFocusReason);
    }
    function focusVariable() {
        variables.focusEmpty();
    }
    function focusClause(index) {
        const item = clauses.itemAt(index);
        if (item)
            item.forceActiveFocus(Qt.TabFocusReason);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }
    Hairline {
        vertical: true
        height: parent.height
        anchors.right: parent.right
    }
    Flickable {
        id: scroll

        anchors.fill: parent
        contentHeight: column.height + Theme.space(5)
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ScrollBar {}

        ColumnLayout {
            id: column

            x: Theme.space(2)
            y: Theme.space(2)
            width: scroll.width - 2 * x
            spacing: Theme.space(2)

            TextInputField {
                id: title

                objectName: "draftTitle"
                Layout.fillWidth: true
                label: qsTr("Title")
                placeholder: qsTr("Services agreement")
                text: pane.vm.title
                // A title that is longer than its field shows its beginning.
                onTextChanged: if (!activeFocus)
                    input.cursorPosition = 0
                onActiveFocusChanged: if (!activeFocus)
                    input.cursorPosition = 0
                onEdited: text => pane.vm.set_title(text)
            }
            MultilineField {
                objectName: "draftDescription"
                Layout.fillWidth: true
                label: qsTr("Opening text")
                placeholder: qsTr("Who agrees with whom. May stay empty.")
                text: pane.vm.description
                onEdited: text => pane.vm.set_description(text)
            }
            SectionHead {
                Layout.fillWidth: true
                text: qsTr("Clauses")
                count: clauses.count

                CmsButton {
                    objectName: "draftAddClause"
                    kind: "quiet"
                    icon: "plus"
                    small: true
                    text: qsTr("Add clause")
                    onClicked: pane.vm.add_clause(-1)
                }
            }
            Column {
                Layout.fillWidth: true

                Repeater {
                    id: clauses

                    model: pane.vm.clauses

                    delegate: ClauseRow {
                        width: column.width
                        open: pane.vm.active === index
                        onOpened: pane.vm.edit(index)
                        onEdited: text => pane.vm.set_clause(index, text)
                        onClosed: {
                            pane.vm.edit(-1);
                            forceActiveFocus(Qt.TabFocusReason);
                        }
                        onRemoved: pane.vm.remove_clause(index)
                        onAdded: pane.vm.add_clause(index)
                        onMoved: by => {
                            const target = index + by;
                            pane.vm.move_clause(index, target);
                            pane.focusClause(target);
                        }
                        onStepped: by => pane.focusClause(index + by)
                    }
                }
            }
            T {
                Layout.fillWidth: true
                visible: clauses.count === 0
                text: qsTr("A contract is a list of clauses. Each can be moved, compared and commented on by itself. Begin with what one side does for the other.")
                color: Theme.inkTertiary
                wrapMode: Text.Wrap
            }
            VariablesForm {
                id: variables

                Layout.fillWidth: true
                visible: count > 0
                parts: pane.vm.parts
            }
        }
    }
}
